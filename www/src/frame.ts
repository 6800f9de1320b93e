/** The page embed.html: one figure that fills its frame, and the messages of the page around it. */
import { KvScope } from "./element/kv-scope.ts";
import { addressed, converse } from "./shell/frame.ts";

const figure = new KvScope();
for (const [name, value] of Object.entries(addressed())) figure.setAttribute(name, value);
converse(figure, import.meta.env["KVSCOPE_VERSION"] ?? "");
document.body.append(figure);
