import { mount } from 'svelte';
import '../panels/tokens.css';
import '../panels/base.css';
import { Session } from '../store/session.svelte';
import MobilePage from './MobilePage.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('the page has no #app element');

const session = new Session();
mount(MobilePage, { target, props: { session } });
session.start();
