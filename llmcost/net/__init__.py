"""Files over the network: the only room that may ask for one."""
