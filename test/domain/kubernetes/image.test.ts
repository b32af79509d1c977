import { expect, test } from "vitest";
import { imageParts, imageWarnings } from "#domain/kubernetes/image.ts";

const digest = `sha256:${"0f".repeat(32)}`;

test.each([
  ["nginx", { repository: "nginx", tag: "", digest: "" }],
  ["nginx:1.29", { repository: "nginx", tag: "1.29", digest: "" }],
  ["localhost:5000/a/b_c:v1", { repository: "localhost:5000/a/b_c", tag: "v1", digest: "" }],
  [
    `Registry.example.com/team/app:v1@${digest}`,
    { repository: "Registry.example.com/team/app", tag: "v1", digest },
  ],
  [`team/app@${digest}`, { repository: "team/app", tag: "", digest }],
])("%s is read into its parts", (image, parts) => {
  expect(imageParts(image)).toEqual(parts);
});

test.each(["", "App", "a b", "-x", "app:", "app@sha256:12", "a//b:c d", ":v1", "app:v1\n"])(
  "%j is no image",
  (image) => {
    expect(imageParts(image)).toBeUndefined();
  },
);

test("a long name that fits almost is refused at once", () => {
  expect(imageParts(`${"a-".repeat(250)}!`)).toBeUndefined();
  expect(imageParts(`${"a.".repeat(250)}/${"b-".repeat(250)}!`)).toBeUndefined();
});

test("an image that ran before, by a tag that stays, is not warned of", () => {
  expect(imageWarnings("team/app:v1", "team/app:v2", ["team/app:v2"])).toEqual([]);
  expect(imageWarnings("team/app:v1", "team/app:v2", [])).toHaveLength(1);
});
