import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { expectAccessible } from "../../testing/axe";
import { dryRun } from "../../testing/intake";
import { renderApp } from "../../testing/render";
import { id } from "../../testing/world";

const receiver = { ticket: id(7000), code: "TAKE1:ABC", picture: "iVBORw0KGgo=", comparison: "ABCD EFGH" };
const refusal = (code: string) => () => {
  throw { code, detail: null, retry: false };
};

async function begin(answers = {}, uploads = {}) {
  const shown = renderApp("/receive", {
    answers: { "transfer.receive": receiver, "transfer.forget": {}, ...answers },
    byteAnswers: { askBytes: { "transfer.take_picture": () => ({ percent: 40, intake: null }), ...uploads } },
  });
  await shown.user.click(await screen.findByRole("button", { name: "Receive without a network" }));
  await screen.findByRole("img", { name: "Code for the sender's camera" });
  return shown;
}

const picture = (name: string) => new File([new Uint8Array([137, 80])], name, { type: "image/png" });
const paste = (text: string) => fireEvent.change(screen.getByRole("textbox", { name: "Or the codes as text" }), { target: { value: text } });

describe("receiving without a network", () => {
  test("a key is made for this once, and forgotten when the screen is left", async () => {
    const { user, host } = await begin();
    expect(host.inputsOf("transfer.receive")[0]).toEqual({ source: "received by codes from screen to camera" });
    expect(screen.getByRole("img", { name: /^Characters to compare: A B C D, E F G H$/ })).toBeVisible();
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Back" }));
    await waitFor(() => expect(host.inputsOf("transfer.forget")).toContainEqual({ id: receiver.ticket }));
    expect(await screen.findByRole("textbox", { name: "Text of the link" })).toBeVisible();
  });

  test("several pictures at once count one by one, and the last leads to the review", async () => {
    const answers = [{ percent: 40, intake: null }, { percent: 100, intake: dryRun }];
    const { user, host } = await begin({}, { "transfer.take_picture": () => answers.shift() });
    await user.upload(screen.getByTestId("file-input"), [picture("1.png"), picture("2.png"), picture("3.png")]);
    expect(await screen.findByRole("region", { name: "What would change" })).toBeVisible();
    expect(host.asked.filter((one) => one.name === "transfer.take_picture")).toHaveLength(2);
    expect(host.inputsOf("intake.file")).toEqual([]);
  });

  test("a picture without a code is told of, and the others still count", async () => {
    const answers = [refusal("no_code"), () => ({ percent: 60, intake: null })];
    const { user } = await begin({}, { "transfer.take_picture": () => answers.shift()?.() });
    await user.upload(screen.getByTestId("file-input"), [picture("1.png"), picture("2.png")]);
    expect(await screen.findByText("There is no QR code in this picture.")).toBeVisible();
    expect(screen.getByText(/60%/)).toBeVisible();
  });

  test("codes as text, one on each line", async () => {
    const { user, host } = await begin({ "transfer.take": { percent: 12, intake: null } });
    paste("UR:BYTES/1-9/AA\n  UR:BYTES/2-9/BB\n");
    await user.click(screen.getByRole("button", { name: "Take them" }));
    expect(await screen.findByText(/12%/)).toBeVisible();
    expect(host.inputsOf("transfer.take")).toEqual([{ ticket: receiver.ticket, frames: ["UR:BYTES/1-9/AA", "UR:BYTES/2-9/BB"] }]);
  });

  test("what was sealed for another screen says what to do", async () => {
    const { user } = await begin({ "transfer.take": refusal("transfer_not_for_us") });
    paste("UR:BYTES/1-9/AA");
    await user.click(screen.getByRole("button", { name: "Take them" }));
    expect(await screen.findByText("These records were sealed for another code.")).toBeVisible();
    await expectAccessible();
  });
});
