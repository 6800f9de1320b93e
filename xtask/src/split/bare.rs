//! A module without what only tools read: names, and what the linker told.

use std::convert::Infallible;

use wasm_encoder::CodeSection;
use wasm_encoder::reencode::{Error, Reencode};
use wasmparser::{CustomSectionReader, FunctionBody};

use super::encode;

pub(crate) fn write(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    encode(&mut Bare, bytes)
}

struct Bare;

impl Reencode for Bare {
    type Error = Infallible;

    fn parse_custom_section(
        &mut self,
        _: &mut wasm_encoder::Module,
        _: CustomSectionReader<'_>,
    ) -> Result<(), Error> {
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
}
