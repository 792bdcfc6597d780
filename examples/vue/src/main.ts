import { DeskbellPlugin } from '@deskbell/vue'
import { createApp } from 'vue'
import App from './app.vue'

createApp(App)
  .use(DeskbellPlugin, {
    desk: import.meta.env.VITE_DESK_URL ?? 'http://localhost:4000',
    token: async () => (await fetch('/support-token')).text(),
    appName: 'Fern & Fold',
  })
  .mount('#app')
