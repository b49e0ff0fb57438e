import { mount } from 'svelte';
import '../panels/tokens.css';
import '../panels/base.css';
import LoginPage from './LoginPage.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('the page has no #app element');
mount(LoginPage, { target });
