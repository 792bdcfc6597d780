/** Where the app keeps its API, whatever the desk's base path is to the outside. */
export const API = '/api'
const NOWHERE = '/nowhere'

/** What a desk serves at the root of its server and, so that a mounted desk has it too, below its base path. */
const ROOT_FILES = /^\/(widget\.js|widget\/[^/]+|healthz|readyz|metrics)$/
const DASHBOARD = /^\/admin(\/|$)/

/** The app's own path of an outside one: without the base path, and with one spelling of the chat's name. */
export function innerPath(pathname: string, base: string): string {
  if (pathname === base || pathname.startsWith(`${base}/`)) {
    const rest = pathname.slice(base.length)
    return ROOT_FILES.test(rest) ? rest : API + rest.replace(/^\/support-chat(?=\/|$)/, '/support_chat')
  }
  return ROOT_FILES.test(pathname) || DASHBOARD.test(pathname) ? pathname : NOWHERE
}

/** Whether requests like this one are to be answered by the API. */
export function isApi(path: string): boolean {
  return path === API || path.startsWith(`${API}/`)
}
