@NullMarked
package io.nsm.supervisor.config;

import org.jspecify.annotations.NullMarked;
