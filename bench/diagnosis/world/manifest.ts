export type Fields = Readonly<Record<string, unknown>>;

export interface Owner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: boolean;
}

export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly Owner[];
  readonly finalizers?: readonly string[];
  readonly managedFields?: readonly Fields[];
}

/** An object as the API server answers it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly [field: string]: unknown;
}

/** Fields of metadata that a case may set; names and times are filled in. */
export type MoreMetadata = Partial<Omit<Metadata, "name" | "uid">> & {
  readonly ageMinutes?: number;
};

export function ownedBy({ apiVersion, kind, metadata }: Manifest): readonly Owner[] {
  return [{ apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true }];
}
