/* What leaves the page: files that are saved, and rows copied for a spreadsheet. */

import { make } from "./elements.js";

// Full-width signs too: Excel takes them for the others in some languages.
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** Give a cell that no spreadsheet takes for a formula. */
const harmless = (value) => (typeof value === "string" && FORMULA.test(value) ? `'${value}` : `${value ?? ""}`);

/** Give rows as CSV, as Excel reads it: quoted where needed, lines ended by CR LF. */
export function csvOf(rows) {
  const cell = (value) => {
    const text = harmless(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** Give rows as tab-separated lines for the clipboard. */
export function linesOf(rows) {
  return rows.map((row) => row.map((value) => harmless(value).replace(/\s+/g, " ")).join("\t")).join("\r\n");
}

/** Save text as a file. A CSV begins with a byte order mark, so that Excel sees UTF-8. */
export function save(name, text, kind) {
  const mark = kind === "text/csv" ? "\ufeff" : "";
  const address = URL.createObjectURL(new Blob([mark + text], { type: `${kind};charset=utf-8` }));
  const link = make("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

/** Put text on the clipboard, also where the browser's own interface is closed to the page. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = make("textarea", { value: text, className: "unseen" });
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

/** Give a name that any file system takes. */
export const fileName = (...parts) =>
  [...parts.join("-").replace(/[\\/:*?"<>|\p{C}\s]+/gu, "_")].slice(0, 80).join("");
