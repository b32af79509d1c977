import { describe, expect, it } from "vitest";
import { eachOnce, groupNeedles, groupsByDimension } from "#domain/alarms/log-groups.ts";
import { failureRate } from "./alarms.ts";

const lambda = {
  namespace: "AWS/Lambda",
  name: "Errors",
  dimensions: { FunctionName: "checkout:live" },
};
const database = {
  namespace: "AWS/RDS",
  name: "CPU",
  dimensions: { DBInstanceIdentifier: "orders" },
};

describe("groupsByDimension", () => {
  it("knows where services write", () => {
    expect(
      groupsByDimension([lambda], ["/aws/lambda/checkout", "/aws/lambda/checkout-old"]),
    ).toEqual([{ name: "/aws/lambda/checkout", knownBy: "dimension FunctionName=checkout:live" }]);
    const groups = ["/aws/rds/instance/orders/error", "/aws/rds/instance/orders-2/error"];
    expect(groupsByDimension([database], groups)[0]).toEqual({
      name: "/aws/rds/instance/orders/error",
      knownBy: "dimension DBInstanceIdentifier=orders",
    });
  });

  it("calls a shared name a guess", () => {
    expect(groupsByDimension([failureRate], ["/data/customer-etl", "/data/customer-etl2"])).toEqual(
      [{ name: "/data/customer-etl", knownBy: "a guess: its name holds customer-etl" }],
    );
  });

  it("names no group that does not exist", () => {
    expect(groupsByDimension([lambda, failureRate], [])).toEqual([]);
  });

  it("ignores dimensions that are called like an object's own members", () => {
    const odd = { ...lambda, dimensions: { constructor: "toString" } };
    expect(groupsByDimension([odd], ["/a"])).toEqual([]);
  });
});

describe("groupNeedles", () => {
  it("takes the last name of a path and leaves out what means nothing", () => {
    const dimensions = { LoadBalancer: "app/shop-web/50dc6c495c0c9188", Port: "8080", Env: "eu" };
    expect(groupNeedles([{ ...lambda, dimensions }])).toEqual(["shop-web"]);
  });
});

describe("eachOnce", () => {
  it("keeps the first way in which a group is known", () => {
    const [sure, guess] = [
      { name: "a", knownBy: "sure" },
      { name: "a", knownBy: "guess" },
    ];
    expect(eachOnce([sure, guess])).toEqual([sure]);
  });
});
