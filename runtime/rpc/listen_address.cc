#include "runtime/rpc/listen_address.h"

#include <arpa/inet.h>

#include <string>

namespace ray::rpc {

bool is_local_address(std::string_view address) {
  if (address.starts_with("unix:")) return true;
  std::string host;
  if (address.starts_with('[')) {
    host = address.substr(1, address.find(']') - 1);
  } else {
    host = address.substr(0, address.rfind(':'));
  }
  if (host == "localhost") return true;
  in_addr four;
  if (::inet_pton(AF_INET, host.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
  in6_addr six;
  return ::inet_pton(AF_INET6, host.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

}  // namespace ray::rpc
