/** What the API server says of itself, and how long it took. */
export interface ApiHealth {
  readonly ready: boolean;
  /** Its own checks that fail, such as `etcd`. */
  readonly failing: readonly string[];
  /** `v1.34.2`. */
  readonly version: string;
  /** One small request, from here and back. */
  readonly milliseconds: number;
}
