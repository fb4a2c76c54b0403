// Where a server may listen without a shared secret.
#pragma once

#include <string_view>

namespace ray::rpc {

// A unix socket, localhost, 127.0.0.0/8 or ::1, with or without a port.
bool is_local_address(std::string_view address);

}  // namespace ray::rpc
