// What the built core exports, for the type check of a tree in which the core was not built yet.
declare module '*/bianfang.js' {
  export default function init(): Promise<unknown>
  export class Core {
    static open(afterDeath: boolean): Promise<Core>
    handle(request: unknown): Promise<unknown>
    photo(request: unknown, bytes?: Uint8Array): Promise<unknown>
    notices(): unknown
    over(): Promise<unknown>
  }
}
