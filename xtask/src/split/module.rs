//! What a split needs to know of a module: its functions, and what refers to them.

use std::collections::BTreeMap;
use std::ops::Range;

use anyhow::{Context, ensure};
use wasmparser::{
    CompositeInnerType, Data, ElementItems, Export, ExternalKind, FuncType, FunctionBody,
    GlobalType, KnownCustom, Name, NameSectionReader, Operator, Parser, Payload, RecGroup,
    TableType, TypeRef,
};

/// Index spaces are as the specification has them: what is imported comes first.
#[derive(Default)]
pub(crate) struct Module<'a> {
    pub(crate) types: Vec<FuncType>,
    /// From where, and what.
    pub(crate) imports: Vec<(&'a str, &'a str)>,
    /// The type of every function.
    pub(crate) functions: Vec<u32>,
    pub(crate) imported_functions: u32,
    pub(crate) tables: Vec<TableType>,
    pub(crate) globals: Vec<GlobalType>,
    pub(crate) exports: Vec<Export<'a>>,
    /// Functions that stand in a table.
    pub(crate) elements: Vec<u32>,
    /// Of every function that is not imported.
    pub(crate) bodies: Vec<FunctionBody<'a>>,
    pub(crate) data: Vec<Data<'a>>,
    pub(crate) names: BTreeMap<u32, String>,
}

impl<'a> Module<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> anyhow::Result<Self> {
        let mut module = Module::default();
        for payload in Parser::new(0).parse_all(bytes) {
            module.take(payload?)?;
        }
        Ok(module)
    }

    fn take(&mut self, payload: Payload<'a>) -> anyhow::Result<()> {
        match payload {
            Payload::TypeSection(types) => {
                for group in types {
                    self.types.push(function_type(group?)?);
                }
            }
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import?;
                    self.imports.push((import.module, import.name));
                    match import.ty {
                        TypeRef::Func(ty) => {
                            self.functions.push(ty);
                            self.imported_functions += 1;
                        }
                        TypeRef::Table(ty) => self.tables.push(ty),
                        TypeRef::Global(ty) => self.globals.push(ty),
                        _ => {}
                    }
                }
            }
            Payload::FunctionSection(types) => {
                self.functions.extend(types.into_iter().collect::<Result<Vec<_>, _>>()?);
            }
            Payload::TableSection(tables) => {
                for table in tables {
                    self.tables.push(table?.ty);
                }
            }
            Payload::GlobalSection(globals) => {
                for global in globals {
                    self.globals.push(global?.ty);
                }
            }
            Payload::ExportSection(exports) => {
                self.exports = exports.into_iter().collect::<Result<_, _>>()?;
            }
            Payload::StartSection { .. } => anyhow::bail!("a function that runs at the start"),
            Payload::ElementSection(segments) => {
                for segment in segments {
                    let ElementItems::Functions(functions) = segment?.items else {
                        continue;
                    };
                    self.elements.extend(functions.into_iter().collect::<Result<Vec<_>, _>>()?);
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            Payload::DataSection(segments) => {
                self.data = segments.into_iter().collect::<Result<_, _>>()?;
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(names) = section.as_known() {
                    self.names = function_names(names)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The numbers of all functions that have a body here.
    pub(crate) fn defined(&self) -> Range<u32> {
        self.imported_functions..self.functions.len() as u32
    }

    pub(crate) fn type_of(&self, function: u32) -> &FuncType {
        &self.types[self.functions[function as usize] as usize]
    }

    /// Of a function that is not imported.
    pub(crate) fn body(&self, function: u32) -> &FunctionBody<'a> {
        &self.bodies[(function - self.imported_functions) as usize]
    }

    pub(crate) fn exported_functions(&self) -> impl Iterator<Item = u32> {
        self.exports
            .iter()
            .filter(|export| export.kind == ExternalKind::Func)
            .map(|export| export.index)
    }

    /// The type that takes nothing and gives nothing.
    pub(crate) fn nothing(&self) -> anyhow::Result<u32> {
        let empty = |ty: &FuncType| ty.params().is_empty() && ty.results().is_empty();
        let found = self.types.iter().position(empty);
        Ok(found.context("no function takes and gives nothing")? as u32)
    }
}

/// What functions are called, by number.
pub(crate) fn function_names(
    section: NameSectionReader<'_>,
) -> anyhow::Result<BTreeMap<u32, String>> {
    let mut found = BTreeMap::new();
    for names in section {
        let Name::Function(names) = names? else { continue };
        for name in names {
            let name = name?;
            found.insert(name.index, name.name.to_owned());
        }
    }
    Ok(found)
}

/// Whom a body calls by number.
pub(crate) fn callees(body: &FunctionBody<'_>) -> anyhow::Result<Vec<u32>> {
    let mut callees = Vec::new();
    for operator in body.get_operators_reader()? {
        match operator? {
            Operator::Call { function_index }
            | Operator::ReturnCall { function_index }
            | Operator::RefFunc { function_index } => callees.push(function_index),
            _ => {}
        }
    }
    Ok(callees)
}

fn function_type(group: RecGroup) -> anyhow::Result<FuncType> {
    let mut types = group.into_types();
    let ty = types.next().context("a group without types")?;
    ensure!(types.next().is_none(), "types that refer to each other");
    match ty.composite_type.inner {
        CompositeInnerType::Func(ty) => Ok(ty),
        other => anyhow::bail!("a type that is no function's: {other:?}"),
    }
}
