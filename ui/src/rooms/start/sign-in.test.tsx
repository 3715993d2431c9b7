import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import type { JoiningView } from "../../bindings/JoiningView";
import type { SessionView } from "../../bindings/SessionView";
import { expectAccessible } from "../../testing/axe";
import { renderApp } from "../../testing/render";
import { id } from "../../testing/world";

const wished: JoiningView = { request: "REQ1:ABCDEF", check_words: "K7QF2M3XA5RT6WZB", own_device: false, outside: { provider: "Harbour ID", issuer: "https://id.harbour.example", person: null } };
const signed: JoiningView = { request: "REQ1:LONGER", check_words: "AAAABBBBCCCCDDDD", own_device: false, outside: { provider: "Harbour ID", issuer: "https://id.harbour.example", person: "Wei Chen" } };
const joining: SessionView = { stage: "joining", profiles: [], me: null, locked: null, joining: wished, version: "0.1.0", erased: [] };
const begun = { visit: id(70), address: "http://id.harbour.example/auth?x", ends_at: "2026-03-13T08:11:00Z" };

test("a wish for a sign-in is asked first; with the proof in it, request and characters are others", async () => {
  const { user, host } = renderApp("/", { answers: { "session.state": joining, "session.join_sign_in": begun, "session.join_signed_in": signed } });
  expect(await screen.findByRole("heading", { level: 1, name: "Sign in at Harbour ID first?" })).toBeVisible();
  expect(screen.getByText(/goes to https:\/\/id\.harbour\.example/)).toBeVisible();
  expect(screen.queryByLabelText("Request")).not.toBeInTheDocument();
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "Sign in at Harbour ID" }));
  expect(await screen.findByLabelText("Request")).toHaveValue("REQ1:LONGER");
  expect(host.inputsOf("session.join_sign_in")).toEqual([{ language: "en" }]);
  expect(host.inputsOf("session.join_signed_in")).toEqual([{ id: id(70) }]);
  expect(screen.getByText(/You signed in at Harbour ID as Wei Chen/)).toBeVisible();
  expect(screen.getByText(/too long for a QR code/)).toBeVisible();
  expect(screen.getByRole("img", { name: /A A A A, B B B B/ })).toBeVisible();
  await expectAccessible();
});

test("nobody has to sign in: one goes on without", async () => {
  const { user, host } = renderApp("/", { answers: { "session.state": joining } });
  await user.click(await screen.findByRole("button", { name: "Go on without" }));
  expect(await screen.findByLabelText("Request")).toHaveValue("REQ1:ABCDEF");
  expect(host.inputsOf("session.join_sign_in")).toEqual([]);
  expect(screen.queryByText(/You signed in/)).not.toBeInTheDocument();
});

test("a sign-in that is given up, or fails, leaves the choice as it was", async () => {
  let end: (problem: unknown) => void = () => undefined;
  const waiting = new Promise<JoiningView>((_, reject) => (end = reject));
  const { user, host } = renderApp("/", {
    answers: {
      "session.state": joining,
      "session.join_sign_in": begun,
      "session.join_signed_in": () => waiting,
      "session.join_sign_in_cancel": wished,
    },
  });
  await user.click(await screen.findByRole("button", { name: "Sign in at Harbour ID" }));
  expect(await screen.findByText(/Your browser shows Harbour ID/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Give up" }));
  end({ code: "oidc.cancelled", detail: null, retry: false });
  await waitFor(() => expect(host.inputsOf("session.join_sign_in_cancel")).toHaveLength(1));
  expect(await screen.findByRole("button", { name: "Go on without" })).toBeVisible();

  host.answer({
    "session.join_signed_in": () => {
      throw { code: "oidc.declined", detail: null, retry: false };
    },
  });
  await user.click(screen.getByRole("button", { name: "Sign in at Harbour ID" }));
  expect(await screen.findByText(/You declined at the provider/)).toBeVisible();
});
