/** The worker of the live view that reads traces, whatever they are compressed by. */
import { live } from "./live.ts";
import { openTrace } from "./source.ts";

live(openTrace);
