//! The part that comes first: what was called, and in the place of every other function a stub that
//! calls it in the whole, which it asks for if it is not there.

use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, ExportKind, ExportSection, Function,
    GlobalSection, GlobalType, InstructionSink, TableSection, ValType,
};
use wasmparser::{
    Data, ExportSectionReader, FunctionBody, GlobalSectionReader, TableSectionReader,
};

use super::data::laid;
use super::module::Module;
use super::plan::{Part, Plan};
use super::{encode, with_prefix};

pub(crate) fn write(module: &Module<'_>, plan: &Plan, bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let nothing = module.nothing()?;
    encode(&mut First { module, plan, nothing }, bytes)
}

struct First<'a> {
    module: &'a Module<'a>,
    plan: &'a Plan,
    /// The type that takes and gives nothing.
    nothing: u32,
}

impl First<'_> {
    /// The table of the whole's functions, behind all others; its first is who loads them.
    fn slots(&self) -> u32 {
        self.module.tables.len() as u32
    }

    /// The global that tells whether the whole is there, behind all others.
    fn is_whole(&self) -> u32 {
        self.module.globals.len() as u32
    }

    /// A call of this function in the whole, with the parameters of the one that is being written.
    fn call(&self, sink: &mut InstructionSink<'_>, function: u32, slot: u32) {
        for param in 0..self.module.type_of(function).params().len() as u32 {
            sink.local_get(param);
        }
        sink.i32_const(slot as i32);
        sink.call_indirect(self.slots(), self.module.functions[function as usize]);
    }

    fn stub(&self, function: u32, slot: u32) -> Function {
        let mut stub = Function::new([]);
        let mut sink = stub.instructions();
        sink.global_get(self.is_whole()).i32_eqz().if_(BlockType::Empty);
        sink.i32_const(0).call_indirect(self.slots(), self.nothing).end();
        self.call(&mut sink, function, slot);
        sink.end();
        stub
    }
}

impl Reencode for First<'_> {
    type Error = Infallible;

    fn parse_table_section(
        &mut self,
        tables: &mut TableSection,
        section: TableSectionReader<'_>,
    ) -> Result<(), Error> {
        utils::parse_table_section(self, tables, section)?;
        tables.table(self.plan.slots());
        Ok(())
    }

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: GlobalSectionReader<'_>,
    ) -> Result<(), Error> {
        utils::parse_global_section(self, globals, section)?;
        let ty = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
        globals.global(ty, &ConstExpr::i32_const(0));
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Result<(), Error> {
        utils::parse_export_section(self, exports, section)?;
        for function in 0..self.module.imported_functions {
            exports.export(&format!("f{function}"), ExportKind::Func, function);
        }
        for table in 0..self.slots() {
            exports.export(&format!("t{table}"), ExportKind::Table, table);
        }
        for global in 0..self.is_whole() {
            exports.export(&format!("g{global}"), ExportKind::Global, global);
        }
        exports.export(super::MEMORY, ExportKind::Memory, 0);
        exports.export(super::SLOTS, ExportKind::Table, self.slots());
        exports.export(super::IS_WHOLE, ExportKind::Global, self.is_whole());
        Ok(())
    }

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), Error> {
        let function = self.module.imported_functions + code.len();
        match self.plan.part(function) {
            Part::Here => {
                code.raw(body.as_bytes());
            }
            Part::Entered(slot) => {
                code.raw(&with_prefix(&body, |sink| {
                    sink.global_get(self.is_whole()).if_(BlockType::Empty);
                    self.call(sink, function, slot);
                    sink.return_().end();
                })?);
            }
            Part::Elsewhere(slot) => {
                code.function(&self.stub(function, slot));
            }
            Part::Unseen => {
                let mut nobody = Function::new([]);
                nobody.instructions().unreachable().end();
                code.function(&nobody);
            }
        }
        Ok(())
    }

    /// The whole brings what is left out here.
    fn parse_data(&mut self, data: &mut DataSection, segment: Data<'_>) -> Result<(), Error> {
        let (address, bytes) = laid(&segment).map_err(|_| Error::InvalidConstExpr)?;
        let kept = self.plan.data.first(address, bytes);
        data.active(0, &ConstExpr::i32_const(address as i32), kept);
        Ok(())
    }
}
