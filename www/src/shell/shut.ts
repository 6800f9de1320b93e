/**
 * "Your trace never leaves this page", held by the browser. The page's policy lets it fetch a trace
 * from an address that somebody names. Once a file is open, a second policy is added, which no
 * script can take back: nothing is reached from then on but where the page itself lies. The worker
 * that reads the file is started after that, and inherits it.
 */
import type { App } from "../app/app.ts";

const SHUT = "connect-src 'self'";

export function shutOnFile(app: App): void {
  app.store.subscribe(({ source, shut }, before) => {
    if (source === before.source || source === null) return;
    if (source.kind === "file" && !shut) {
      app.shut();
      const policy = document.createElement("meta");
      policy.httpEquiv = "Content-Security-Policy";
      policy.content = SHUT;
      document.head.append(policy);
    }
    // A link to an address elsewhere needs a page that has read no file: it says all that is
    // chosen.
    if (shut && source.kind === "url" && new URL(source.url).origin !== location.origin) {
      history.replaceState(null, "", app.share.fragment());
      location.reload();
    }
  });
}
