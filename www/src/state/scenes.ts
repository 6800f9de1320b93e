/**
 * Figures: scenes that each make one point. A row is everything there is to know of one: gallery,
 * element and stills are made from it, and test/scenes.test.ts holds each sentence to its run.
 */

export interface Figure {
  /** As an address and an attribute call it. */
  id: string;
  title: string;
  /** What to see. */
  sentence: string;
  /** The fragment of a link, with its seed and its moment (`at`). */
  link: string;
  /** What a `<kv-scope>` shows of it, where that is not the cluster. */
  view?: "strips" | "both";
}

/** Without time, one request after the other. */
const PLAIN = "v=1&workload=toolagent&speed=200&at=3000&seed=7&nodes=8&capacity_blocks=1500";

/** Against the clock, at half the rate of the trace, which eight nodes keep up with. */
const TIMED = "v=1&speed=100&at=3000&seed=7&nodes=8&capacity_blocks=2000&clock=timed"
  + "&clock.rate=0.5";

export const FIGURES: readonly Figure[] = [
  {
    id: "one-node",
    title: "Everyone lands on node 0",
    sentence: "Where matched blocks alone decide, whoever holds anything gets everything: one "
      + "cache is full, seven are empty.",
    link: `${PLAIN}&router=cache_aware&router.load_signal=none&eviction=lru`,
  },
  {
    id: "random",
    title: "Random spreads and forgets",
    sentence: "A spreads the work more evenly than B, and each of its caches fills up. But a "
      + "prompt comes back to another node than the one that knows it: A finds less in the same "
      + "room.",
    link: `${PLAIN}&router=random&eviction=lru&b.router=cache_aware`,
  },
  {
    id: "load-signal",
    title: "Affinity with a load signal that works",
    sentence: "The same router twice. A is not told how busy a node is, and crowds one; B is, and "
      + "spreads the work and finds more.",
    link: `${PLAIN}&router=cache_aware&router.load_signal=none&eviction=lru&b.router=cache_aware`,
  },
  {
    id: "hot-prefix",
    title: "The hot prefix",
    sentence: "Three prompts begin nearly every request. Each has a colour, on its way and in the "
      + "caches: the router gives each prompt nodes of its own, and the hottest gets six of "
      + "eight.",
    link: `${PLAIN.replace("at=3000", "at=8000")}&router=cache_aware&eviction=lru`,
  },
  {
    id: "migration",
    title: "Migration while filling, and after",
    sentence: "Nodes with over 15 % of all blocks give some away, marked below by upright lines. "
      + "It happens while the caches fill. Full caches are of one size, and the rule never acts "
      + "again.",
    link: "v=1&workload=toolagent&speed=200&at=6000&seed=7&nodes=8&capacity_blocks=4000"
      + "&router=hotspot_migration&router.threshold=0.15&router.interval=200&eviction=lru",
    view: "both",
  },
  {
    id: "lfu-lru",
    title: "LFU and LRU trade places",
    sentence: "One small cache and one large, by both policies. In 50 blocks LFU (B) finds more "
      + "than LRU (A); in 8,000 it is LRU (C) that finds more than LFU (D).",
    link: "v=1&workload=toolagent&requests=16000&speed=400&at=16000&seed=7&nodes=1"
      + "&capacity_blocks=50&router=round_robin&eviction=lru&b.eviction=lfu"
      + "&c.eviction=lru&c.capacity_blocks=8000&d.eviction=lfu&d.capacity_blocks=8000",
  },
  {
    id: "stale-signal",
    title: "Stale signals herd",
    sentence: "Both send a request where fewest are unfinished. A looks now, B at how it stood up "
      + "to a minute ago: all run to the node that was free then, and wait there.",
    link: `${TIMED}&workload=conversation&router=least_requests&eviction=lru`
      + "&b.router=least_requests&b.router.refresh=60",
  },
  {
    id: "node-dies",
    title: "A node dies",
    sentence: "Before request 4,000 node 3 is killed. What its cache held is gone, and the seven "
      + "others share its work; it comes back empty at request 6,000.",
    link: `${TIMED.replace("at=3000", "at=4300")}&workload=toolagent&router=shortest_ttft`
      + "&eviction=lru&perturb=kill:3@4000*heal:3@6000",
    view: "both",
  },
  {
    id: "replication",
    title: "Conductor replicates",
    sentence: "Both want the shortest wait. Where another node knows more of a prompt, B fetches "
      + "it (dashed) and has a copy from then on: it finds more than A, which computes it again.",
    link: `${TIMED}&workload=conversation&router=shortest_ttft&eviction=lru`
      + "&b.router=conductor&b.migration=auto",
  },
  {
    id: "hits-and-wait",
    title: "A hit rate is not a wait",
    sentence: "Both find about the same in their caches. With A one waits several times as long "
      + "for the first token: it follows matches to nodes that are busy.",
    link: `${TIMED}&workload=conversation&router=cache_aware&eviction=lru`
      + "&b.router=conductor&b.migration=auto",
  },
  {
    id: "how-much-cache",
    title: "How much cache is worth buying",
    sentence: "Each cluster has four times the cache of the one before. The first steps pay; "
      + "with 32,000 blocks a node (D) one finds hardly more than with 8,000 (C).",
    link: "v=1&workload=toolagent&speed=400&at=12000&seed=7&nodes=4&capacity_blocks=500"
      + "&router=cache_aware&eviction=lru&b.capacity_blocks=2000&c.capacity_blocks=8000"
      + "&d.capacity_blocks=32000",
  },
];
