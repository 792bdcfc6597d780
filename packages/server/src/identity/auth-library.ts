import { betterAuth } from 'better-auth'
import type { Engine } from '../engine.ts'
import { ADMIN_TABLES } from './admin-tables.ts'
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, SESSION_SECONDS } from './admins.ts'
import { DatesOfTimes } from './dates-of-times.ts'
import { derivedSecret } from './keys.ts'

export interface AuthLibraryParts {
  engine: Pick<Engine, 'store' | 'log' | 'newId'>
  secret: string
  /** The cookie is marked Secure. */
  isHttps: boolean
}

export type AuthLibrary = ReturnType<typeof openAuthLibrary>

/**
 * better-auth on our database and in our tables. Only its functions are used, none of its routes: what the
 * dashboard needs goes through http/sign-in.ts, with our Origin rule, throttle and errors before it.
 */
export function openAuthLibrary({ engine, secret, isHttps }: AuthLibraryParts) {
  const { store, log } = engine
  const stamps = { createdAt: 'created_at', updatedAt: 'updated_at' }
  return betterAuth({
    appName: 'Deskbell',
    baseURL: isHttps ? 'https://desk.invalid' : 'http://desk.invalid',
    secret: derivedSecret(secret, 'session'),
    database: { db: store.db.withPlugin(new DatesOfTimes()), type: store.dialect.name, transaction: true },
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: {
      level: 'error',
      // Only the text: the values beside it may be anything.
      log: (_level, message) => log.error(`sign-in: ${message}`),
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: MIN_PASSWORD_LENGTH,
      maxPasswordLength: MAX_PASSWORD_LENGTH,
    },
    user: { modelName: ADMIN_TABLES.user, fields: { emailVerified: 'email_verified', ...stamps } },
    session: {
      expiresIn: SESSION_SECONDS,
      modelName: ADMIN_TABLES.session,
      fields: {
        userId: 'user_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        ...stamps,
      },
    },
    account: {
      modelName: ADMIN_TABLES.account,
      fields: {
        userId: 'user_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        ...stamps,
      },
    },
    verification: { modelName: ADMIN_TABLES.verification, fields: { expiresAt: 'expires_at', ...stamps } },
    advanced: {
      cookiePrefix: 'deskbell',
      useSecureCookies: isHttps,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', secure: isHttps },
      database: { generateId: () => engine.newId() },
    },
  })
}
