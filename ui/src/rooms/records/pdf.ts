import * as pdfjs from "pdfjs-dist/legacy/build/pdf.mjs";
import workerAddress from "pdfjs-dist/legacy/build/pdf.worker.min.mjs?url";

pdfjs.GlobalWorkerOptions.workerSrc = workerAddress;

/** Character maps, substitute fonts and decoders of scanned images, as files of this bundle: nothing comes from the network. */
const FILES: Record<string, string> = {
  ...import.meta.glob<string>("/node_modules/pdfjs-dist/cmaps/*.bcmap", { query: "?url", import: "default", eager: true }),
  ...import.meta.glob<string>("/node_modules/pdfjs-dist/standard_fonts/*.{pfb,ttf}", { query: "?url", import: "default", eager: true }),
  ...import.meta.glob<string>("/node_modules/pdfjs-dist/wasm/{jbig2,openjpeg}.wasm", { query: "?url", import: "default", eager: true }),
};

const FOLDERS: Record<string, string> = { cMapUrl: "cmaps", standardFontDataUrl: "standard_fonts", wasmUrl: "wasm" };

/** Answers the reader's wish for a file by its name. */
class BundledFiles {
  async fetch({ kind, filename }: { kind: string; filename: string }): Promise<Uint8Array> {
    const address = FILES[`/node_modules/pdfjs-dist/${FOLDERS[kind] ?? ""}/${filename}`];
    if (!address) throw new Error(`not in the bundle: ${kind}`);
    return new Uint8Array(await (await fetch(address)).arrayBuffer());
  }
}

export type PdfDocument = pdfjs.PDFDocumentProxy;
export type PdfPage = pdfjs.PDFPageProxy;
export const { TextLayer } = pdfjs;

/**
 * Opens a document. Scripts in it have no interpreter here, forms of the XFA kind are not drawn, and images are bounded: the
 * file is a stranger's. The bytes are copied, because the reader takes what it is given.
 */
export function openPdf(bytes: Uint8Array) {
  return pdfjs.getDocument({
    data: bytes.slice(),
    cMapUrl: "cmaps/",
    standardFontDataUrl: "standard_fonts/",
    wasmUrl: "wasm/",
    useWorkerFetch: false,
    BinaryDataFactory: BundledFiles,
    enableXfa: false,
    maxImageSize: 64 * 1024 * 1024,
    verbosity: pdfjs.VerbosityLevel.ERRORS,
  });
}
