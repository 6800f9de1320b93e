/** The tables of the page's core, which its build writes beside it (tables.ts). */
declare module "kvscope-wasm/tables.json" {
  const tables: import("./protocol.ts").Tables;
  export default tables;
}
