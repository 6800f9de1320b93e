//! The whole: the very same functions, on the memory, the tables and the globals of the first part.
//! Once it is there, everything runs in it.

use std::borrow::Cow;
use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType, ExportSection,
    GlobalSection, ImportSection, MemorySection, MemoryType, TableSection,
};
use wasmparser::{
    DataSectionReader, ElementSectionReader, ExportSectionReader, FunctionBody,
    GlobalSectionReader, ImportSectionReader, MemorySectionReader, TableSectionReader,
};

use super::data::laid;
use super::encode;
use super::module::Module;
use super::plan::Plan;

/// Whom it imports from.
const FIRST: &str = "first";

pub(crate) fn write(module: &Module<'_>, plan: &Plan, bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    encode(&mut Whole { module, plan }, bytes)
}

struct Whole<'a> {
    module: &'a Module<'a>,
    plan: &'a Plan,
}

impl Whole<'_> {
    /// The data that the first part goes without.
    fn rest(&self, data: &mut DataSection) -> Result<(), Error> {
        for segment in &self.module.data {
            let (address, bytes) = laid(segment).map_err(|_| Error::InvalidConstExpr)?;
            self.plan.data.rest(address, bytes, data);
        }
        Ok(())
    }
}

impl Reencode for Whole<'_> {
    type Error = Infallible;

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        _: ImportSectionReader<'_>,
    ) -> Result<(), Error> {
        for function in 0..self.module.imported_functions {
            let ty = EntityType::Function(self.module.functions[function as usize]);
            imports.import(FIRST, &format!("f{function}"), ty);
        }
        for (number, &ty) in self.module.tables.iter().enumerate() {
            imports.import(FIRST, &format!("t{number}"), self.table_type(ty)?);
        }
        imports.import(FIRST, super::SLOTS, self.plan.slots());
        let memory = MemoryType {
            minimum: 0,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        };
        imports.import(FIRST, super::MEMORY, memory);
        for (number, &ty) in self.module.globals.iter().enumerate() {
            imports.import(FIRST, &format!("g{number}"), self.global_type(ty)?);
        }
        Ok(())
    }

    fn parse_table_section(
        &mut self,
        _: &mut TableSection,
        _: TableSectionReader<'_>,
    ) -> Result<(), Error> {
        Ok(())
    }

    fn parse_memory_section(
        &mut self,
        _: &mut MemorySection,
        _: MemorySectionReader<'_>,
    ) -> Result<(), Error> {
        Ok(())
    }

    fn parse_global_section(
        &mut self,
        _: &mut GlobalSection,
        _: GlobalSectionReader<'_>,
    ) -> Result<(), Error> {
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        _: &mut ExportSection,
        _: ExportSectionReader<'_>,
    ) -> Result<(), Error> {
        Ok(())
    }

    /// What stands in tables is from here on what is here.
    fn parse_element_section(
        &mut self,
        elements: &mut ElementSection,
        section: ElementSectionReader<'_>,
    ) -> Result<(), Error> {
        utils::parse_element_section(self, elements, section)?;
        let functions = Elements::Functions(Cow::Borrowed(self.plan.elsewhere()));
        let table = self.module.tables.len() as u32;
        elements.active(Some(table), &ConstExpr::i32_const(1), functions);
        Ok(())
    }

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), Error> {
        code.raw(body.as_bytes());
        Ok(())
    }

    fn data_count(&mut self, _: u32) -> Result<u32, Error> {
        let mut data = DataSection::new();
        self.rest(&mut data)?;
        Ok(data.len())
    }

    /// Most of the memory has been laid out by the first part.
    fn parse_data_section(
        &mut self,
        data: &mut DataSection,
        _: DataSectionReader<'_>,
    ) -> Result<(), Error> {
        self.rest(data)
    }
}
