// Addresses of the screens.
import { createRouter, createWebHistory } from 'vue-router'

export const router = createRouter({
  history: createWebHistory(),
  routes: [{ path: '/:rest(.*)*', component: () => import('./Home.vue') }],
})
