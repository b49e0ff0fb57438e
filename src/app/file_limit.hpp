#pragma once

namespace vt::app {

/// Lets this process open as many files and sockets as the system allows it, 65,536 at most. Shells begin with 1,024,
/// which is less than there may be readers.
void raise_file_limit();

}  // namespace vt::app
