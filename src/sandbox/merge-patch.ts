import { isObject, type Json, type JsonObject } from "#domain/json.ts";

/** RFC 7396: fields that the patch names are set, `null` removes one, lists are replaced whole. */
export function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const kept = Object.entries(target).filter(([name]) => !Object.hasOwn(patch, name));
  const set = Object.entries(patch).flatMap(([name, value]): [string, Json][] => {
    if (value === null || value === undefined) return [];
    const before = target[name];
    return [[name, isBranch(value) ? mergePatch(isBranch(before) ? before : {}, value) : value]];
  });
  return Object.fromEntries([...kept, ...set]);
}

function isBranch(value: Json | undefined): value is JsonObject {
  return isObject(value);
}
