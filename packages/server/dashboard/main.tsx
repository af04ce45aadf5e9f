import 'virtual:tokens.css'
import './style/base.css'
import './style/components.css'
import './style/shell.css'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { makeRouter } from './router.tsx'
import { noteError, startSession } from './session.ts'
import { setTheme, theme } from './shell/theme.ts'

setTheme(theme())

const cache = new QueryClient({
  queryCache: new QueryCache({ onError: noteError }),
  mutationCache: new MutationCache({ onError: noteError }),
  // The typed client already retries lost reads.
  defaultOptions: { queries: { retry: false, staleTime: 5_000 } },
})
startSession(cache)

const app = document.getElementById('app')
if (app) {
  createRoot(app).render(
    <StrictMode>
      <QueryClientProvider client={cache}>
        <RouterProvider router={makeRouter()} />
      </QueryClientProvider>
    </StrictMode>,
  )
}
