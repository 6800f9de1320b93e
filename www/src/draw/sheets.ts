/** The page's style sheets, as a figure has them inside its shadow. */
import base from "../style/base.css?inline";
import compare from "../style/compare.css?inline";
import details from "../style/details.css?inline";
import figure from "../style/figure.css?inline";
import notice from "../style/notice.css?inline";
import results from "../style/results.css?inline";
import stage from "../style/stage.css?inline";
import strips from "../style/strips.css?inline";
import tokens from "../style/tokens.css?inline";

let made: CSSStyleSheet[] | null = null;

/** Made once for all figures of a page. */
export function styleSheets(): CSSStyleSheet[] {
  made ??= [tokens, base, stage, notice, compare, results, details, strips, figure].map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
  return made;
}
