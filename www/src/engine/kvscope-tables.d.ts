/** The tables of the page's core, which its build writes beside it (tables.ts). */
declare module "kvscope-wasm/tables.json" {
  const tables: import("./tables.ts").Tables;
  export default tables;
}

declare module "kvscope-wasm/later.json" {
  const later: import("./tables.ts").Later;
  export default later;
}
