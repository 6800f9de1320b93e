/** The tables of the page's core, which its build writes beside it (tables.ts). */
declare module "kvscope-wasm/tables.json" {
  const tables: import("./cited.ts").Tables;
  export default tables;
}

declare module "kvscope-wasm/citations.json" {
  const citations: import("./cited.ts").Citations;
  export default citations;
}
