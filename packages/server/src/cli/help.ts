export const HELP = `Deskbell: real-time support chat

Usage: deskbell <command> [flags]

Commands
  start          run the server
  migrate        bring the database schema up to date
  token          sign a user's token, for trying things out
  admin          list, create, deactivate and activate accounts for the dashboard
  seed           fill a database with a believable year of support
  copy           move a desk to another database
  restored       say that a backup was put back
  erase          remove a user with their chat, for ever
  mail test      send an e-mail with the settings there are, and say what is wrong with them
  mail log       what became of the e-mails about replies
  mail allow     write again to an address that refused an e-mail

deskbell <command> --help tells more. deskbell --version prints the version.
`

export const START_HELP = `Usage: deskbell start [--demo] [--port <number>] [--host <address>]

  --demo          a host page with demo users, a demo admin and visitors; makes and keeps a secret
  --port, --host  where to listen, instead of PORT and HOST

Settings come from the environment:
  PORT (4000)  HOST  DATABASE_URL (sqlite:./deskbell-data/deskbell.db)
  BUS_URL (none: one desk; redis://, redis+cluster://, nats://, tls:// or postgres:// connect several)
  DESKBELL_SECRET (32 characters or more)  DESKBELL_ADMIN_EMAIL  DESKBELL_ADMIN_PASSWORD
  PUBLIC_URL  ALLOWED_ORIGINS  VISITORS (deny)  TRUST_PROXY (0)  APP_NAME
  MAIL_URL  MAIL_FROM  APP_URL  ACCENT (#3b55e6)  NOTIFY_AFTER (5m)
  RATE_LIMIT (20 messages in 10 s)  CONNECTION_LIMIT (200)  LOG_LEVEL (info)
`

export const MIGRATE_HELP = `Usage: deskbell migrate [--status | --sql]

Brings the schema of DATABASE_URL up to date. Safe to repeat; "deskbell start" does it, too.

  --status  changes nothing: lists the migrations and when each was applied
  --sql     changes nothing: prints the statements that are still to come
`

export const TOKEN_HELP = `Usage: deskbell token --sub <id> --email <address> [--name <name>] [--role user|admin] [--expires 1h]

Prints a token as a host app would sign it, with DESKBELL_SECRET (or the secret that the demo keeps).
Without --name, the name is what stands before the @ of the address.
`

export const ADMIN_HELP = `Usage: deskbell admin create --email <address> [--name <name>]
       deskbell admin list
       deskbell admin deactivate <address>
       deskbell admin activate <address>

Accounts for the dashboard. A deactivated admin cannot sign in; their sessions, sockets and streams end within two
seconds, also on a desk that is running. Activating gives them a new password.
A password is asked for; without a keyboard it is the first line of the input:
  printf '%s' "$PASSWORD" | deskbell admin create --email sam@example.com --name Sam
`

export const MAIL_HELP = `Usage: deskbell mail test <address>
       deskbell mail log [--limit <number>]
       deskbell mail allow <address>

test sends one e-mail with MAIL_URL and MAIL_FROM, now, and explains what went wrong if it does not get through.
log tells of the newest e-mails about replies (50, or --limit): sent, not sent and why, or still waiting.
allow forgets that an address refused an e-mail for good. Dashboards of desks that run with a BUS_URL show it at once, if
it is set here, too; others when the chat is opened again.
`

export const ERASE_HELP = `Usage: deskbell erase --id <id> [--yes]

Removes the user or visitor that your app knows by this id, their chat and all its messages from DATABASE_URL.
It cannot be undone, and a message that is sent again does not come back. Without --yes it only says what would go.
Take the sign-in away first: whoever still has a valid token or session can begin a new chat.

Desks that run with a BUS_URL end this user's sockets and tell their dashboards within two seconds, if it is set
here, too. A desk without one is not told: sockets and streams that are open in this user's name stay until they
disconnect, their token expires or the desk restarts; they hear nothing of the chat any more, and what they send
to it is refused. Dashboards show the chat until they are reloaded. desk.erase(id), in the process of your app,
ends the sockets and tells the dashboards at once.
`

export const COPY_HELP = `Usage: deskbell copy --from <database> --to <database>

Copies a desk, for example --from sqlite:./deskbell-data/deskbell.db --to postgres://user:password@host/deskbell, and
compares both sides row by row. Stop the desk first. What was interrupted goes on where it was when it is run again.
Sessions of the dashboard stay behind: admins sign in anew.
`

export const RESTORED_HELP = `Usage: deskbell restored

For after a backup was put back, before the desks are started: pages that are open notice it when they are connected again,
forget what they show and read it anew. It also makes a copy of a database a desk of its own, which does not hear the
first one on the bus that both use.
`

export const SEED_HELP = `Usage: deskbell seed [--users 100] [--messages 1000] [--seed 1] [--add]

Fills DATABASE_URL with made-up people who write in eight languages, short and long chats over the last year, answered,
unread and archived ones. The same --seed makes the same desk on the same day. A database that has users is left alone,
unless --add is given.
`
