// Replays a trace on eight nodes: node node.mjs conversation_trace.jsonl
import { createReadStream } from "node:fs";
import { Session } from "kvscope";

const [, , path] = process.argv;
const session = await Session.read({ nodes: 8, router: { id: "cache_aware" } });
await session.pushAll(createReadStream(path));
session.finish();
session.run();
console.log(JSON.stringify(session.summary()));
