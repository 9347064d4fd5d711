// The little that issuer.ts uses of oidc-provider, which comes without types.
declare module 'oidc-provider/lib/provider.js' {
  import type { RequestListener } from 'node:http'
  export class Provider {
    constructor(issuer: string, configuration: object)
    callback(): RequestListener
  }
}

declare module 'oidc-provider/lib/helpers/errors.js' {
  export class InvalidTarget extends Error {}
}
