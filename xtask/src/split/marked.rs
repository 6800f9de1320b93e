//! A core that notes which of its functions are called: each sets a global of its own.

use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    CodeSection, ConstExpr, ExportKind, ExportSection, GlobalSection, GlobalType, ValType,
};
use wasmparser::{ExportSectionReader, FunctionBody, GlobalSectionReader};

use super::module::Module;
use super::{encode, with_prefix};

/// What the exported global of a function is called, before the function's number.
const PREFIX: &str = "called ";

pub(crate) fn write(module: &Module<'_>, bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    encode(&mut Marked { module }, bytes)
}

struct Marked<'a> {
    module: &'a Module<'a>,
}

impl Marked<'_> {
    /// The first of the added globals.
    fn first(&self) -> u32 {
        self.module.globals.len() as u32
    }
}

impl Reencode for Marked<'_> {
    type Error = Infallible;

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: GlobalSectionReader<'_>,
    ) -> Result<(), Error> {
        utils::parse_global_section(self, globals, section)?;
        let ty = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
        for _ in self.module.defined() {
            globals.global(ty, &ConstExpr::i32_const(0));
        }
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Result<(), Error> {
        utils::parse_export_section(self, exports, section)?;
        for (global, function) in (self.first()..).zip(self.module.defined()) {
            exports.export(&format!("{PREFIX}{function}"), ExportKind::Global, global);
        }
        Ok(())
    }

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), Error> {
        let global = self.first() + code.len();
        code.raw(&with_prefix(&body, |sink| {
            sink.i32_const(1).global_set(global);
        })?);
        Ok(())
    }
}
