/** Secrets of the store's own, made on first use and kept. */
export interface Keys {
  /** 32 random bytes, the same for every process on this store. */
  get(name: string): Promise<Uint8Array>;
  /** The approver's passphrase, hashed; `undefined` when none was set. */
  passphrase(): Promise<string | undefined>;
  setPassphrase(hash: string): Promise<void>;
}
