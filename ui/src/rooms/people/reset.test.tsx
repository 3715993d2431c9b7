import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { expectAccessible } from "../../testing/axe";
import { renderPart } from "../../testing/render";
import { id } from "../../testing/world";
import { ResetCheck } from "./ResetCheck";

const choice = { user: id(3), name: "Dr Wei Chen", email: "wei@harbour.example" };
const sent = { request: id(77), recipient: choice.email, device: "7F3A-09BC", expires_at: "2026-03-13T08:21:00Z" };

test("a code goes to the address that is known, and says no more than that the mail is read", async () => {
  const { user, host } = renderPart(<main><ResetCheck /></main>, { answers: { "people.reset_choices": [choice], "people.send_reset": sent, "people.check_reset": {} } });
  const wanted = await screen.findByLabelText("Send a code to the address we have");
  expect(screen.getByText(/brings nothing back/)).toBeVisible();
  await user.click(wanted);
  expect(screen.getByRole("button", { name: "Send a code" })).toBeDisabled();
  await user.selectOptions(screen.getByLabelText("Who do they say they are?"), choice.user);
  await user.click(screen.getByRole("button", { name: "Send a code" }));
  expect(host.inputsOf("people.send_reset")).toEqual([{ id: choice.user }]);
  await user.type(await screen.findByLabelText("The code that they read out"), "1234 5678");
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "Check the code" }));
  expect(host.inputsOf("people.check_reset")).toEqual([{ request: id(77), code: "1234 5678" }]);
  expect(await screen.findByText("Whoever asks reads the mail of wei@harbour.example.")).toBeVisible();
});

test("where nobody's address is confirmed, or no mail is sent, nothing is offered", async () => {
  const { host } = renderPart(<main><ResetCheck /></main>, { answers: { "people.reset_choices": [] } });
  await expect.poll(() => host.inputsOf("people.reset_choices")).toEqual([{}]);
  expect(screen.queryByLabelText("Send a code to the address we have")).not.toBeInTheDocument();
});
