import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { expectAccessible } from "../../testing/axe";
import { renderApp } from "../../testing/render";
import { settings } from "../../testing/world";
import { isDialable } from "./index";

const keeps = { "settings.set": (given: typeof settings) => given };
const ready = () => screen.findByRole("region", { name: "Language and look" });

test("a change of language acts at once and is kept", async () => {
  const { user, host } = renderApp("/settings", { answers: keeps });
  const card = await ready();
  await user.click(within(card).getByRole("radio", { name: "Français" }));
  await waitFor(() => expect(host.inputsOf("settings.set").at(-1)).toEqual({ ...settings, language: "fr" }));
  expect(await screen.findByRole("heading", { level: 1, name: "Réglages" })).toBeVisible();
  expect(document.documentElement.lang).toBe("fr");
});

test("colours and text size act at once", async () => {
  const { user } = renderApp("/settings", { answers: keeps });
  const card = await ready();
  await user.click(within(card).getByRole("radio", { name: "Dark" }));
  await waitFor(() => expect(document.documentElement.dataset.mantineColorScheme).toBe("dark"));
  await user.click(within(card).getByRole("radio", { name: "150 %" }));
  await waitFor(() => expect(document.documentElement.style.getPropertyValue("--text-scale")).toBe("1.5"));
});

test("an emergency number that cannot be dialled is not kept", async () => {
  const { user, host } = renderApp("/settings", { answers: keeps });
  const field = await screen.findByLabelText("Emergency number");
  await user.clear(field);
  await user.type(field, "call me");
  await user.tab();
  expect(screen.getByText("Only digits, with a plus in front if need be.")).toBeVisible();
  expect(host.inputsOf("settings.set")).toEqual([]);
  await user.clear(field);
  await user.type(field, "999");
  await user.tab();
  await waitFor(() => expect(host.inputsOf("settings.set")).toEqual([{ ...settings, emergency_number: "999" }]));
});

test("says what is encrypted and what it is not", async () => {
  renderApp("/settings", { answers: keeps });
  const about = await screen.findByRole("region", { name: "About" });
  expect(about).toHaveTextContent("Aidpost 0.1.0");
  expect(about).toHaveTextContent("never its content");
  expect(about).toHaveTextContent("not a certified medical device");
});

test("what a telephone can dial", () => {
  expect(["112", "999", "+44999", "15"].every(isDialable)).toBe(true);
  expect(["", "1", "1+1", "call", "12345678901234567"].some(isDialable)).toBe(false);
});

test("is accessible", async () => {
  renderApp("/settings", { answers: keeps });
  await ready();
  await expectAccessible();
});
