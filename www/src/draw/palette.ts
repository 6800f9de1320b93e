/** Colours: the page's CSS custom properties, and cividis for everything that is a scale. */

export interface Theme {
  bg: string;
  panel: string;
  ink: string;
  muted: string;
  line: string;
  soft: string;
  accent: string;
  warn: string;
  ok: string;
  dark: boolean;
  /** One colour a lane. */
  lanes: readonly string[];
  /** Font families, as a canvas takes them after a size. */
  font: string;
}

/** What tells lanes apart beside their colour. */
export const LANE_DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [9, 3, 2, 3]];

export type Rgb = readonly [number, number, number];

/** Cividis in ten steps: legible to every kind of colour vision, and in grey. */
const CIVIDIS: readonly Rgb[] = [
  [0x00, 0x22, 0x4e], [0x12, 0x35, 0x70], [0x3b, 0x49, 0x6c], [0x57, 0x5d, 0x6d],
  [0x70, 0x71, 0x73], [0x8a, 0x86, 0x78], [0xa5, 0x9c, 0x74], [0xc3, 0xb3, 0x69],
  [0xe1, 0xcc, 0x55], [0xfe, 0xe8, 0x38],
];

/** Cividis at t in [0, 1]; values outside are clamped. */
export function cividis(t: number): Rgb {
  const last = CIVIDIS.length - 1;
  const at = Math.max(0, Math.min(1, Number.isFinite(t) ? t : 0)) * last;
  const low = Math.min(last - 1, Math.floor(at));
  const from = CIVIDIS[low] ?? [0, 0, 0];
  const to = CIVIDIS[low + 1] ?? from;
  const mix = (i: 0 | 1 | 2): number => Math.round(from[i] + (to[i] - from[i]) * (at - low));
  return [mix(0), mix(1), mix(2)];
}

export function css([r, g, b]: Rgb): string {
  return `rgb(${r} ${g} ${b})`;
}

/** One hue a family, apart for every kind of colour vision; the first is of what is in none. */
const FAMILIES: readonly (readonly [light: Rgb, dark: Rgb])[] = [
  [[0x4a, 0x4f, 0x57], [0xb4, 0xba, 0xc4]],
  [[0x0b, 0x5f, 0xa8], [0x62, 0xb4, 0xff]],
  [[0xb8, 0x3a, 0x00], [0xff, 0x8a, 0x4c]],
  [[0x00, 0x7a, 0x5a], [0x35, 0xd0, 0xa0]],
  [[0xa8, 0x3b, 0x86], [0xf0, 0x8c, 0xcf]],
  [[0x8a, 0x66, 0x00], [0xf2, 0xc9, 0x3d]],
  [[0x2e, 0x8b, 0xb8], [0x7f, 0xdf, 0xff]],
  [[0x5f, 0x46, 0xb5], [0xb7, 0xa2, 0xff]],
];

/** How far each band of uses is from the ground to its family's colour; greys stay behind. */
const DEPTHS: readonly number[] = [0.4, 0.55, 0.7, 0.85, 1];
const GREY_DEPTHS: readonly number[] = [0.24, 0.36, 0.48, 0.61, 0.75];

/** The colours of cells, by family and in each by band, few uses first. Pale to dark in the light,
 *  dim to bright in the dark. */
export function cellRamp(families: number, bands: number, theme: Theme): string[] {
  const ground = rgbOf(theme.panel);
  return Array.from({ length: families * bands }, (_, i) => {
    const [family, band] = [Math.floor(i / bands), i % bands];
    const hue = (FAMILIES[family] ?? FAMILIES[0]!)[theme.dark ? 1 : 0];
    const depth = (family === 0 ? GREY_DEPTHS : DEPTHS)[band] ?? 1;
    const mix = (at: 0 | 1 | 2): number =>
      Math.round(ground[at] + (hue[at] - ground[at]) * depth);
    return css([mix(0), mix(1), mix(2)]);
  });
}

const NAMES = ["bg", "panel", "ink", "muted", "line", "soft", "accent", "warn", "ok"] as const;

const FALLBACK: Record<(typeof NAMES)[number], string> = {
  bg: "#f6f6f3", panel: "#ffffff", ink: "#1a1d21", muted: "#5d6470", line: "#e2e2dc",
  soft: "#efefea", accent: "#0b5fa5", warn: "#c2410c", ok: "#0a7a55",
};

/** Reads the custom properties as they are now at an element. */
export function readTheme(element: Element): Theme {
  const style = getComputedStyle(element);
  const colours = { ...FALLBACK };
  for (const name of NAMES) {
    colours[name] = style.getPropertyValue(`--${name}`).trim() || FALLBACK[name];
  }
  const font = style.fontFamily || "system-ui, sans-serif";
  const lanes = ["a", "b", "c", "d"].map((lane) =>
    style.getPropertyValue(`--lane-${lane}`).trim() || colours.accent);
  return { ...colours, lanes, dark: luminance(colours.panel) < 0.4, font };
}

/** Rough lightness of a colour in [0, 1], whatever way it is written. */
function luminance(colour: string): number {
  const [r, g, b] = rgbOf(colour);
  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
}

function rgbOf(colour: string): Rgb {
  const probe = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  if (!probe) return [255, 255, 255];
  probe.fillStyle = colour;
  probe.fillRect(0, 0, 1, 1);
  const [r = 255, g = 255, b = 255] = probe.getImageData(0, 0, 1, 1).data;
  return [r, g, b];
}
