//! What the linker tells of a module (`--emit-relocs`): which bytes of data each function refers
//! to, and each piece of data. Nothing else in a module says where one ends and the next begins.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use anyhow::{Context, ensure};
use wasmparser::{
    Data, DataKind, KnownCustom, Linking, Operator, Parser, Payload, RelocationEntry,
    RelocationType, SymbolInfo, TypeRef,
};

use super::module::function_names;

/// A piece of data: a range of addresses.
type Piece = Range<u32>;

/// Digits by which wasm-bindgen tells exports of one crate from those of another.
const MARK: usize = 16;

/// A module as it was linked, before wasm-bindgen, which moves functions but no data.
pub(crate) struct Linked {
    /// By a function's symbol: symbols of the data it refers to.
    functions: BTreeMap<String, BTreeSet<u32>>,
    /// By symbol.
    pieces: BTreeMap<u32, Piece>,
    /// By symbol of a piece: symbols of the data it refers to.
    references: BTreeMap<u32, BTreeSet<u32>>,
}

/// The sections as they come, before they are put together.
#[derive(Default)]
struct Sections {
    imported_functions: u32,
    /// Where each body lies in the section of code.
    bodies: Vec<Range<u64>>,
    code_start: u64,
    data_start: u64,
    /// Where the bytes of each segment lie in the section of data, and at which address.
    segments: Vec<(u64, u32)>,
    names: BTreeMap<u32, String>,
    /// By symbol: segment, offset and size.
    symbols: BTreeMap<u32, (u32, u32, u32)>,
    in_code: Vec<RelocationEntry>,
    in_data: Vec<RelocationEntry>,
}

impl Linked {
    pub(crate) fn read(bytes: &[u8]) -> anyhow::Result<Self> {
        let mut sections = Sections::default();
        for payload in Parser::new(0).parse_all(bytes) {
            sections.take(payload?)?;
        }
        ensure!(!sections.in_code.is_empty(), "a module that was linked without --emit-relocs");
        sections.put_together()
    }

    /// A function's name as the linker has it, or None of one that wasm-bindgen made. It takes the
    /// mark of the crate off the names of what is exported.
    pub(crate) fn known(&self, name: &str) -> anyhow::Result<Option<&str>> {
        if let Some((known, _)) = self.functions.get_key_value(name) {
            return Ok(Some(known));
        }
        let marked = format!("{name}_");
        let is_mark =
            |text: &str| text.len() == MARK && text.chars().all(|c| c.is_ascii_hexdigit());
        let mut known = self
            .functions
            .range(marked.clone()..)
            .map_while(|(known, _)| Some((known, known.strip_prefix(&marked)?)))
            .filter(|(_, mark)| is_mark(mark));
        let found = known.next();
        ensure!(known.next().is_none(), "two functions may be {name}");
        Ok(found.map(|(known, _)| known.as_str()))
    }

    /// The pieces of data that these functions refer to, at first or at second hand.
    pub(crate) fn needed<'a>(&self, functions: impl IntoIterator<Item = &'a str>) -> Vec<Piece> {
        let mut reached = BTreeSet::new();
        let symbols = functions.into_iter().filter_map(|name| self.functions.get(name));
        let mut open: Vec<u32> = symbols.flatten().copied().collect();
        while let Some(symbol) = open.pop() {
            if reached.insert(symbol) {
                open.extend(self.references.get(&symbol).into_iter().flatten());
            }
        }
        reached.iter().filter_map(|symbol| self.pieces.get(symbol).cloned()).collect()
    }
}

impl Sections {
    fn take(&mut self, payload: Payload<'_>) -> anyhow::Result<()> {
        match payload {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    self.imported_functions += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionStart { unchecked_range, .. } => {
                self.code_start = unchecked_range.start;
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body.range()),
            Payload::DataSection(segments) => {
                self.data_start = segments.range().start;
                for segment in segments {
                    let segment = segment?;
                    let end = segment.range.end;
                    self.segments.push((end - segment.data.len() as u64, address_of(&segment)?));
                }
            }
            Payload::CustomSection(section) => match section.as_known() {
                KnownCustom::Name(names) => self.names = function_names(names)?,
                KnownCustom::Linking(linking) => {
                    for part in linking.subsections() {
                        let Linking::SymbolTable(symbols) = part? else { continue };
                        for (number, symbol) in (0..).zip(symbols) {
                            if let SymbolInfo::Data { symbol: Some(it), .. } = symbol? {
                                self.symbols.insert(number, (it.index, it.offset, it.size));
                            }
                        }
                    }
                }
                KnownCustom::Reloc(relocations) => {
                    let into = match section.name() {
                        "reloc.CODE" => &mut self.in_code,
                        "reloc.DATA" => &mut self.in_data,
                        _ => return Ok(()),
                    };
                    for entry in relocations.entries() {
                        into.push(entry?);
                    }
                }
                _ => {}
            },
            _ => {}
        }
        Ok(())
    }

    fn put_together(self) -> anyhow::Result<Linked> {
        let mut functions = BTreeMap::<String, BTreeSet<u32>>::new();
        for (number, body) in (self.imported_functions..).zip(&self.bodies) {
            let name = self.names.get(&number).context("a function without a name")?;
            let start = body.start - self.code_start;
            let within = start..body.end - self.code_start;
            // Where two functions have one name, each counts as both.
            let refers = functions.entry(name.clone()).or_default();
            refers.extend(memory_symbols(&self.in_code, &within));
        }
        let mut pieces = BTreeMap::new();
        let mut references = BTreeMap::new();
        for (&symbol, &(segment, offset, size)) in &self.symbols {
            let (at, address) = *self.segments.get(segment as usize).context("no such segment")?;
            pieces.insert(symbol, address + offset..address + offset + size);
            let start = at - self.data_start + u64::from(offset);
            let within = start..start + u64::from(size);
            let refers = memory_symbols(&self.in_data, &within);
            references.insert(symbol, refers.collect());
        }
        Ok(Linked { functions, pieces, references })
    }
}

/// The symbols of data in whose places an address was put, within a range of the section.
fn memory_symbols(entries: &[RelocationEntry], within: &Range<u64>) -> impl Iterator<Item = u32> {
    let from = entries.partition_point(|entry| u64::from(entry.offset) < within.start);
    let end = within.end;
    entries[from..]
        .iter()
        .take_while(move |entry| u64::from(entry.offset) < end)
        .filter(|entry| is_address(entry.ty))
        .map(|entry| entry.index)
}

fn is_address(ty: RelocationType) -> bool {
    use RelocationType as Type;
    matches!(
        ty,
        Type::MemoryAddrLeb
            | Type::MemoryAddrSleb
            | Type::MemoryAddrI32
            | Type::MemoryAddrRelSleb
            | Type::MemoryAddrLocrelI32
            | Type::MemoryAddrTlsSleb
    )
}

/// Where an active segment is laid.
pub(crate) fn address_of(segment: &Data<'_>) -> anyhow::Result<u32> {
    let DataKind::Active { memory_index: 0, offset_expr } = &segment.kind else {
        anyhow::bail!("a segment of data that is not laid into the memory");
    };
    match offset_expr.get_operators_reader().read()? {
        Operator::I32Const { value } => Ok(value as u32),
        other => anyhow::bail!("a segment of data at an address that is computed: {other:?}"),
    }
}
