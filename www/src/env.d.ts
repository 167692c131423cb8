// Types that Vite adds to modules, and components imported from plain TypeScript.
/// <reference types="vite/client" />
