export type ApprovalState = "pending" | "approved" | "declined" | "used" | "void";

/** How a person answered: `passphrase` is a terminal with the approver's passphrase, `policy` a rule in a person's stead. */
export const channels = ["dialog", "terminal", "passphrase", "policy"] as const;
export type Channel = (typeof channels)[number];

/** A request for a person's word on one exact plan. Times are wall clock. */
export interface Approval {
  /** `XXXX-XXXX`, from letters and digits that cannot be mistaken for one another. */
  readonly code: string;
  readonly actionId: string;
  /** Digest of what the plan binds. */
  readonly bindsHash: string;
  readonly principal: string;
  readonly state: ApprovalState;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly decidedAt?: Date;
  readonly decidedBy?: string;
  readonly channel?: Channel;
}

export interface Decision {
  readonly state: "approved" | "declined";
  readonly by: string;
  readonly channel: Channel;
  readonly at: Date;
}

/** An approval serves for fifteen minutes: SSM's seven days are far too long for an incident. */
export const APPROVAL_MINUTES = 15;
