/** The columns that hold a time, in all our tables. */
const TIME_COLUMNS: ReadonlySet<string> = new Set([
  'unsubscribed_at',
  'created_at',
  'updated_at',
  'last_message_at',
  'admin_viewed_at',
  'archived_at',
  'read_at',
  'erased_at',
  'due_at',
  'leased_until',
  'decided_at',
  'expires_at',
  'access_token_expires_at',
  'refresh_token_expires_at',
])

export function isTimeColumn(name: string): boolean {
  return TIME_COLUMNS.has(name)
}
