import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

/** What can be asked of a voice; the names are those of reports. */
export type VoiceTask = "vowel" | "ddk_pataka" | "reading";

interface Words {
  name: MessageDescriptor;
  /** What the person is told. */
  told: MessageDescriptor;
  /** Said while it is recorded. */
  now: MessageDescriptor;
  /** Seconds of voice after which nothing more is gained, after a quiet second. */
  longest: number;
}

export const VOICE_TASKS: Record<VoiceTask, Words> = {
  vowel: {
    name: msg`“aaah”`,
    told: msg`Take a breath and say “aaah” at a comfortable pitch, as long as you can.`,
    now: msg`Now: “aaah”`,
    longest: 10,
  },
  ddk_pataka: {
    name: msg`“pa-ta-ka”`,
    told: msg`Say “pa-ta-ka, pa-ta-ka” as fast and evenly as you can, until the recording stops.`,
    now: msg`Now: “pa-ta-ka, pa-ta-ka…”`,
    longest: 7,
  },
  reading: {
    name: msg`Reading`,
    told: msg`Read this text aloud, at your own pace.`,
    now: msg`Now read aloud, at your own pace`,
    longest: 75,
  },
};

/** Syllables of the text in each language, as spoken at an even pace; the analysis counts them instead of those it hears. */
export const READING_SYLLABLES: Record<string, number> = { en: 124, fr: 125 };

/** 110 to 130 syllables of plain words, in each language its own text and not a translation of the other. */
export const READING_TEXT = msg`Early in the morning the baker opens her shop on the corner of the market. She sets the warm bread in the window and puts a kettle on for tea. Soon the first people come in from the cold. A teacher asks for two small rolls, a driver wants a bag of apples, and a boy with a red cap counts his coins for a slice of cake. They talk about the rain, the late train and the garden behind the church. By noon the shelves are empty, the floor is clean again, and the baker sits down at last beside the open door.`;
