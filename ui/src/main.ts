import { mount } from 'svelte';
import './styles/tokens.css';
import './styles/base.css';
import './styles/inputs.css';
import AppView from './App.svelte';
import { chooseBackend } from './backend/choose';
import { App } from './state/app.svelte';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');
const app = new App(await chooseBackend());
mount(AppView, { target, props: { app } });
