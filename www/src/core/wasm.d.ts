// What the built core exports, for the type check of a tree in which the core was not built yet.
declare module '*/bianfang.js' {
  export default function init(): Promise<unknown>
  export class Core {
    static open(afterDeath: boolean): Promise<Core>
    slots(): Promise<Uint32Array>
    handle(slot: number, request: unknown): Promise<unknown>
    photo(slot: number, request: unknown, bytes?: Uint8Array): Promise<unknown>
    notices(slot: number): unknown
    over(slot: number): Promise<unknown>
  }
}
