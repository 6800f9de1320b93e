//! A small module, linked as the linker would, and taken apart.

use std::collections::BTreeSet;

use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataSection, ElementSection, Elements, EntityType,
    ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType, ImportSection,
    LinkingSection, MemorySection, MemoryType, NameMap, NameSection, RefType, SymbolTable,
    TableSection, TableType, TypeSection, ValType,
};
use wasmparser::{ExternalKind, Validator};

use super::linked::Linked;
use super::module::Module;
use super::plan::{Part, Plan};
use super::{IS_WHOLE, SLOTS, bare, first, marked, whole};

/// The data: `used` is referred to by `inner`, and refers to `behind`; nobody refers to `idle`.
const BASE: u32 = 1024;
const DATA: &[u8] = b"used....behindidle-idle";

/// Functions by number. 0 is imported; 1 is `entry`, exported, and calls `inner`, 2, and `rare`, 3,
/// which calls `deep`, 4; `listed`, 5, stands in the table.
const NAMES: [&str; 5] = ["entry", "inner", "rare", "deep", "listed"];

/// An address as the linker leaves room for it: five bytes.
fn padded(address: u32) -> [u8; 5] {
    let mut bytes = [0x80; 5];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte |= (address >> (7 * at)) as u8 & 0x7f;
    }
    bytes[4] &= 0x7f;
    bytes
}

/// Bodies, and where in them an address stands.
fn bodies() -> Vec<Function> {
    let calls = |callees: &[u32]| {
        let mut body = Function::new([]);
        for &callee in callees {
            body.instructions().call(callee);
        }
        body.instructions().end();
        body
    };
    let mut inner = Function::new([]);
    // i32.const, an address, drop, end.
    inner.raw([0x41].into_iter().chain(padded(BASE)).chain([0x1a, 0x0b]));
    vec![calls(&[2, 3]), inner, calls(&[4]), calls(&[0]), calls(&[])]
}

fn small(linked: bool) -> Vec<u8> {
    let mut module = wasm_encoder::Module::new();
    let mut types = TypeSection::new();
    types.ty().function([], []);
    module.section(&types);
    let mut imports = ImportSection::new();
    imports.import("js", "log", EntityType::Function(0));
    module.section(&imports);
    let mut functions = FunctionSection::new();
    NAMES.iter().for_each(|_| {
        functions.function(0);
    });
    module.section(&functions);
    let mut tables = TableSection::new();
    let table = TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: 2,
        maximum: None,
        shared: false,
    };
    tables.table(table);
    module.section(&tables);
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    module.section(&memories);
    let mut globals = GlobalSection::new();
    let ty = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
    globals.global(ty, &ConstExpr::i32_const(900));
    module.section(&globals);
    let mut exports = ExportSection::new();
    exports.export("entry", ExportKind::Func, 1).export("memory", ExportKind::Memory, 0);
    module.section(&exports);
    let mut elements = ElementSection::new();
    elements.active(None, &ConstExpr::i32_const(1), Elements::Functions((&[5][..]).into()));
    module.section(&elements);
    let mut code = CodeSection::new();
    bodies().iter().for_each(|body| {
        code.function(body);
    });
    module.section(&code);
    let mut data = DataSection::new();
    data.active(0, &ConstExpr::i32_const(BASE as i32), DATA.iter().copied());
    module.section(&data);
    if linked {
        relocations(&mut module);
    }
    let mut names = NameMap::new();
    (1..).zip(NAMES).for_each(|(number, name)| names.append(number, name));
    let mut section = NameSection::new();
    section.functions(&names);
    module.section(&section);
    module.finish()
}

/// The symbols 0, `used` and the pointer behind it; 1, `behind`; 2, `idle`. And who has whose
/// address where.
fn relocations(module: &mut wasm_encoder::Module) {
    use wasm_encoder::DataSymbolDefinition;
    let mut symbols = SymbolTable::new();
    for (name, offset, size) in [("used", 0, 8), ("behind", 8, 6), ("idle", 14, 9)] {
        symbols.data(0, name, Some(DataSymbolDefinition { index: 0, offset, size }));
    }
    let mut linking = LinkingSection::new();
    linking.symbol_table(&symbols);
    module.section(&linking);
    // Behind the count: the body of `entry`, then the length of that of `inner`, its locals and the
    // instruction.
    let at = 1 + bodies()[0].byte_len() as u8 + 1 + 1 + 1 + 1;
    for (name, section, ty, offset, index) in
        [("reloc.CODE", 8, 4, at, 0), ("reloc.DATA", 9, 5, 1 + 1 + 4 + 1 + 4, 1)]
    {
        let data = vec![section, 1, ty, offset, index, 0];
        module.section(&CustomSection { name: name.into(), data: data.into() });
    }
}

fn plan_of(module: &Module<'_>, called: &[u32]) -> Plan {
    let linked = Linked::read(&small(true)).unwrap();
    Plan::new(module, &BTreeSet::from_iter(called.iter().copied()), &linked).unwrap()
}

#[test]
fn the_linker_tells_which_data_a_function_reaches() {
    let linked = Linked::read(&small(true)).unwrap();
    assert_eq!(linked.needed(["inner"]), [BASE..BASE + 8, BASE + 8..BASE + 14]);
    assert_eq!(linked.needed(["entry", "rare"]), []);
    let error = Linked::read(&small(false)).err().unwrap().to_string();
    assert!(error.contains("--emit-relocs"), "{error}");
}

#[test]
fn what_was_called_is_here_and_what_can_be_called_from_there_is_elsewhere() {
    let bytes = small(false);
    let module = Module::read(&bytes).unwrap();
    let plan = plan_of(&module, &[1, 2]);
    let parts: Vec<Part> = module.defined().map(|function| plan.part(function)).collect();
    assert_eq!(
        parts,
        [Part::Entered(1), Part::Here, Part::Elsewhere(2), Part::Unseen, Part::Elsewhere(3)]
    );
    assert_eq!(plan.elsewhere(), [1, 3, 5]);
}

#[test]
fn a_function_that_the_linker_does_not_know_may_hold_no_address() {
    let bytes = small(false);
    let mut module = Module::read(&bytes).unwrap();
    *module.names.get_mut(&2).unwrap() = "made by somebody else".to_owned();
    let linked = Linked::read(&small(true)).unwrap();
    let error = Plan::new(&module, &BTreeSet::from([2]), &linked).err().unwrap().to_string();
    assert!(error.contains("made by somebody else is unknown to the linker"), "{error}");
    // One without an address is nobody's concern.
    *module.names.get_mut(&4).unwrap() = "a shim".to_owned();
    assert!(Plan::new(&module, &BTreeSet::from([4]), &linked).is_ok());
}

#[test]
fn both_parts_fit_together() {
    let bytes = small(false);
    let module = Module::read(&bytes).unwrap();
    let plan = plan_of(&module, &[1, 2]);
    let bare = bare::write(&bytes).unwrap();
    let (first, whole) = (
        first::write(&module, &plan, &bare).unwrap(),
        whole::write(&module, &plan, &bare).unwrap(),
    );
    let (first, whole) = (Module::read(&first).unwrap(), Module::read(&whole).unwrap());
    let named = |name: &str| first.exports.iter().find(|export| export.name == name);
    assert_eq!(named("entry").unwrap().index, 1);
    assert_eq!(named(SLOTS).unwrap().kind, ExternalKind::Table);
    assert_eq!(named(IS_WHOLE).unwrap().kind, ExternalKind::Global);
    assert_eq!(first.tables[1].initial, 4, "who loads the whole, and three functions");
    assert_eq!(&first.data[0].data[..14], b"used....behind");
    assert!(first.data[0].data[14..].iter().all(|&byte| byte == 0));
    let rest: Vec<&[u8]> = whole.data.iter().map(|segment| segment.data).collect();
    assert_eq!(rest, [b"idle-idle"]);
    assert!(whole.imports.iter().all(|(from, name)| *from == "first" && named(name).is_some()));
    assert_eq!(whole.elements, [5, 1, 3, 5]);
    assert!(first.names.is_empty() && whole.names.is_empty());
}

#[test]
fn every_function_marks_that_it_was_called() {
    let bytes = small(false);
    let marked = marked::write(&Module::read(&bytes).unwrap(), &bytes).unwrap();
    let marked = Module::read(&marked).unwrap();
    let marks: Vec<&str> = marked.exports.iter().map(|export| export.name).collect();
    assert_eq!(marks[2..], ["called 1", "called 2", "called 3", "called 4", "called 5"]);
    assert_eq!(marked.globals.len(), 6);
}

#[test]
fn names_are_taken_off() {
    let bare = bare::write(&small(true)).unwrap();
    assert!(Validator::new().validate_all(&bare).is_ok());
    assert!(Module::read(&bare).unwrap().names.is_empty());
    assert!(Linked::read(&bare).is_err());
}
