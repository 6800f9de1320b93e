/** The worker of the first view, which plays what is built in. */
import { live } from "./live.ts";

live(null);
