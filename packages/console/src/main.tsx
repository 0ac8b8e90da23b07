import './style.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Redirect, Route, Switch } from 'wouter'
import { nameAt } from './address.ts'
import { queries } from './api.ts'
import { Join } from './entry/join.tsx'
import { Outside } from './shell.tsx'
import { PortalApp } from './portal/app.tsx'
import { StaffApp } from './staff.tsx'

function App() {
  return (
    <Switch>
      <Route path="/console/join">
        <Outside>
          <Join />
        </Outside>
      </Route>
      <Route path="/portal/:tenant/*?">{() => <PortalApp tenant={nameAt(2)} />}</Route>
      <Route path="/console/*?">
        <StaffApp />
      </Route>
      <Route>
        <Redirect to="/console" />
      </Route>
    </Switch>
  )
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
)
