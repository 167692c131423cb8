// Addresses of the screens. A tab is a list that stays; everything else is a detail shown over it, or beside it on a desk.
import { createRouter, createWebHistory, type Router, type RouteRecordRaw } from 'vue-router'

export type Tab = 'today' | 'households' | 'findings' | 'mine'

declare module 'vue-router' {
  interface RouteMeta {
    /** The list this address belongs to; a detail without one leaves the list as it was. */
    tab?: Tab
    /** Nothing but the list. */
    list?: true
    /** A form: no update may replace the page here. */
    form?: true
  }
}

// The lists are drawn by the frame; their routes need no component of their own.
const Nothing = { render: () => null }

const routes: RouteRecordRaw[] = [
  { path: '/', redirect: '/today' },
  { path: '/today', component: Nothing, meta: { tab: 'today', list: true } },
  { path: '/households', component: Nothing, meta: { tab: 'households', list: true } },
  { path: '/findings', component: Nothing, meta: { tab: 'findings', list: true } },
  { path: '/mine', component: Nothing, meta: { tab: 'mine', list: true } },
  { path: '/join', component: () => import('./screens/Join.vue'), meta: { tab: 'mine' } },
  { path: '/households/new', component: () => import('./screens/Register.vue'), meta: { tab: 'households', form: true } },
  { path: '/h/:id', component: () => import('./screens/Household.vue'), props: true },
  { path: '/h/:id/visit', component: () => import('./screens/Visit.vue'), props: true, meta: { form: true } },
  { path: '/h/:id/visit/:visit', component: () => import('./screens/Visit.vue'), props: true, meta: { form: true } },
  { path: '/h/:id/edit/:record+', component: () => import('./screens/EditRecord.vue'), props: true, meta: { form: true } },
  { path: '/h/:id/event', component: () => import('./screens/StatusEvent.vue'), props: true, meta: { form: true } },
  { path: '/h/:id/matters', component: () => import('./screens/Matters.vue'), props: true },
  { path: '/h/:id/pairing', component: () => import('./screens/Pairing.vue'), props: true, meta: { form: true } },
  { path: '/h/:id/history', component: () => import('./screens/History.vue'), props: true },
  { path: '/h/:id/on/:on', component: () => import('./screens/Past.vue'), props: true },
  { path: '/forms', component: () => import('./screens/Forms.vue'), meta: { tab: 'mine' } },
  { path: '/f/:document/look/:record+', component: () => import('./screens/FormRecord.vue'), props: true },
  { path: '/f/:document/:about', component: () => import('./screens/Forms.vue'), props: true },
  { path: '/f/:document/:about/fill/:form', component: () => import('./screens/Fill.vue'), props: true, meta: { form: true } },
  { path: '/f/:document/:about/fill/:form/:record+', component: () => import('./screens/Fill.vue'), props: true, meta: { form: true } },
  { path: '/due/:form', component: () => import('./screens/DueForms.vue'), props: true },
  { path: '/findings/new', component: () => import('./screens/NewFinding.vue'), meta: { form: true } },
  { path: '/findings/:id', component: () => import('./screens/Finding.vue'), props: true },
  { path: '/findings/:id/do/:event', component: () => import('./screens/FindingStep.vue'), props: true, meta: { form: true } },
  { path: '/differences', component: () => import('./screens/Differences.vue') },
  { path: '/compare', component: () => import('./screens/Compare.vue') },
  { path: '/quality', component: () => import('./screens/Quality.vue') },
  { path: '/campaigns', component: () => import('./screens/Campaigns.vue') },
  { path: '/campaigns/:campaign', component: () => import('./screens/Campaign.vue'), props: true },
  { path: '/lists', component: () => import('./screens/FourLists.vue') },
  { path: '/coverage', component: () => import('./screens/Coverage.vue') },
  { path: '/table', component: () => import('./screens/LedgerTable.vue') },
  { path: '/paper/:kind', component: () => import('./screens/Paper.vue'), props: true },
  { path: '/dispatch', component: () => import('./screens/Dispatch.vue') },
  { path: '/invite', component: () => import('./screens/Invite.vue'), meta: { tab: 'mine', form: true } },
  { path: '/rescue', component: () => import('./screens/Rescue.vue'), meta: { tab: 'mine' } },
  { path: '/errors', component: () => import('./screens/ErrorLog.vue'), meta: { tab: 'mine' } },
  { path: '/:rest(.*)*', redirect: '/today' },
]

/** Reads the address at once: an invitation must have been taken out of it before. */
export function makeRouter(): Router {
  return createRouter({ history: createWebHistory(), routes })
}
