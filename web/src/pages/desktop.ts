import { mount } from 'svelte';
import '../panels/tokens.css';
import '../panels/base.css';
import { Session } from '../store/session.svelte';
import DesktopPage from './DesktopPage.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('the page has no #app element');

const session = new Session();
mount(DesktopPage, { target, props: { session } });
session.start();
