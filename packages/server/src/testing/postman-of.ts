import type { Looks } from '../delivery/looks.ts'
import type { Engine } from '../engine.ts'
import type { RenderMail } from '../notifications/content.ts'
import { openPostOffice } from '../notifications/post-office.ts'
import type { Postman } from '../notifications/postman.ts'
import { type SettingsInput, settingsFromOptions } from '../settings.ts'

const SECRET = 'a secret that only the tests know, 32+'

/** What looks into the outbox, with the settings of a desk that sends by `mailUrl`. */
export function postmanOf(
  engine: Engine & { looks: Looks },
  input: SettingsInput,
  render: RenderMail | null,
): Postman {
  const settings = settingsFromOptions({
    mailFrom: 'support@fern.example',
    appName: 'Fern & Fold',
    secret: SECRET,
    publicUrl: 'https://desk.example',
    appUrl: 'https://shop.example/home?tab=1#top',
    ...input,
  })
  const surroundings = { render, appUrl: null, ownUrl: () => 'https://desk.example', basePath: '/api' }
  const office = openPostOffice(engine, settings, surroundings)
  if (office === null) throw new Error('these settings send no mail')
  return office.postman
}
