/**
 * The live view's core, which comes in two parts (xtask/src/split): the first has what the first
 * view runs, and the whole, once it is there, everything, on the first one's memory and state. What
 * the first part lacks and is asked for fetches the whole then and there; the page hands it over
 * before anybody waits.
 */

/** What the first part exports beside the core's own. */
interface First {
  memory: WebAssembly.Memory;
  /** Functions of the whole; the first is called where the whole is not there. */
  slots?: WebAssembly.Table;
  is_whole?: WebAssembly.Global;
}

export class Parts {
  readonly memory: WebAssembly.Memory;
  readonly #first: First;

  /** `first` is what a core exports; `fetchNow` is how the whole comes where it is missing. */
  constructor(first: First, fetchNow: () => WebAssembly.Module) {
    this.memory = first.memory;
    this.#first = first;
    first.slots?.set(0, asFunction(() => this.complete(fetchNow())));
  }

  /** Whether everything is there: the whole, or a core in one piece. */
  get areAll(): boolean {
    return this.#first.is_whole?.value !== 0;
  }

  /** Puts the whole beside the first part; more than once changes nothing. */
  complete(whole: WebAssembly.Module): void {
    const { is_whole } = this.#first;
    if (is_whole === undefined || this.areAll) return;
    new WebAssembly.Instance(whole, { first: { ...this.#first } });
    is_whole.value = 1;
  }
}

/** Fetches a module while the worker waits: what runs cannot be interrupted. */
export function fetchNow(url: string): WebAssembly.Module {
  const request = new XMLHttpRequest();
  request.open("GET", url, false);
  request.responseType = "arraybuffer";
  request.send();
  if (request.status >= 400) throw new Error(`the server answered ${request.status}`);
  return new WebAssembly.Module(request.response as ArrayBuffer);
}

/** Tables take functions of modules alone: a module that imports one and exports it again. */
const AGAIN = new Uint8Array([
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,
  // A type without parameters and results; an import and an export of it, both of no name.
  0x01, 0x04, 0x01, 0x60, 0x00, 0x00,
  0x02, 0x05, 0x01, 0x00, 0x00, 0x00, 0x00,
  0x07, 0x04, 0x01, 0x00, 0x00, 0x00,
]);

function asFunction(act: () => void): WebAssembly.ExportValue {
  return new WebAssembly.Instance(new WebAssembly.Module(AGAIN), { "": { "": act } }).exports[""]!;
}
