// Readers that were not written here. The first argument is the folder with their packages; a question is one JSON object on standard
// input, its answer one on standard output.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(join(process.argv[2], "package.json"));

/** Opens a SMART Health Link as its standard says. */
async function link({ text, recipient, passcode, embedded_length_max }) {
  const { SHLViewer } = require("kill-the-clipboard");
  try {
    const viewer = new SHLViewer({ shlinkURI: text });
    const params = { recipient };
    if (passcode !== null) params.passcode = passcode;
    if (embedded_length_max !== null) params.embeddedLengthMax = embedded_length_max;
    const opened = await viewer.resolveSHL(params);
    return { resources: opened.fhirResources, label: viewer.shl.label ?? null, flag: viewer.shl.flag ?? null };
  } catch (error) {
    return { refused: error.constructor.name };
  }
}

/** Reads the code in a PNG or JPEG picture with two decoders. */
async function code({ picture }) {
  const bytes = Buffer.from(picture, "base64");
  const pixels = bytes[0] === 0x89 ? require("pngjs").PNG.sync.read(bytes) : require("jpeg-js").decode(bytes, { useTArray: true });
  const jsqr = require("jsqr")(new Uint8ClampedArray(pixels.data), pixels.width, pixels.height);
  const entry = require.resolve("zxing-wasm/reader");
  const { prepareZXingModule, readBarcodes } = await import(pathToFileURL(entry).href);
  const wasm = readFileSync(require.resolve("zxing-wasm/reader/zxing_reader.wasm"));
  await prepareZXingModule({ overrides: { wasmBinary: wasm }, fireImmediately: true });
  const found = await readBarcodes(new Uint8Array(bytes), { formats: ["QRCode"], tryHarder: true });
  return { jsqr: jsqr?.data ?? null, zxing: found[0]?.text ?? null, level: found[0]?.ecLevel ?? null };
}

/** Validates a FHIR R4 resource against the core specification. */
function fhir({ resource }) {
  const { Fhir } = require("fhir");
  const { valid, messages } = new Fhir().validate(resource, { errorOnUnexpected: true });
  return { valid, messages: messages.filter((one) => one.severity === "error" || one.severity === "fatal") };
}

/** Puts frames of a Uniform Resource together: how far it came, and what its byte string holds. */
function series({ frames }) {
  const { URDecoder } = require("@ngraveio/bc-ur");
  const decoder = new URDecoder();
  for (const frame of frames) decoder.receivePart(frame.toLowerCase());
  if (!decoder.isComplete()) return { progress: decoder.estimatedPercentComplete(), content: null };
  return { progress: 1, type: decoder.resultUR().type, content: Buffer.from(decoder.resultUR().decodeCBOR()).toString("base64") };
}

/** Frames of a Uniform Resource with these bytes in it, beginning behind the first ones. */
function frames({ content, fragment, skip, count }) {
  const { UR, UREncoder } = require("@ngraveio/bc-ur");
  const encoder = new UREncoder(UR.fromBuffer(Buffer.from(content, "base64")), fragment, skip);
  return { frames: Array.from({ length: count }, () => encoder.nextPart()) };
}

const question = JSON.parse(readFileSync(0, "utf8"));
const answer = await { link, code, fhir, series, frames }[question.do](question);
process.stdout.write(JSON.stringify(answer));
