#include "runtime/object_store/store_messages.h"

#include <gtest/gtest.h>

#include <string>

namespace ray::object_store {
namespace {

TEST(StoreMessages, AClientsMessageComesBackAsItWas) {
  const ClientMessage message =
      FreeObjects{.objects = {{.slot = 1, .sequence = 2, .offset = 3, .length = 4}}};
  const absl::StatusOr<ClientMessage> decoded = decode_client_packet(encode_packet(message));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(std::get<FreeObjects>(*decoded).objects, std::get<FreeObjects>(message).objects);
}

TEST(StoreMessages, AHostsMessageComesBackAsItWas) {
  const HostMessage message =
      ArenaLeased{.request = 9, .offset = 64, .length = 128, .slots = {5, 6}};
  const absl::StatusOr<HostMessage> decoded = decode_host_packet(encode_packet(message));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  const auto& leased = std::get<ArenaLeased>(*decoded);
  EXPECT_EQ(leased.request, 9u);
  EXPECT_EQ(leased.offset, 64u);
  EXPECT_EQ(leased.length, 128u);
  EXPECT_EQ(leased.slots, (std::vector<std::uint32_t>{5, 6}));
}

TEST(StoreMessages, RefusesEveryTruncationAndTheOtherSidesMessages) {
  const std::string packet =
      encode_packet(ClientMessage(ReturnArena{.offset = 1, .length = 2, .slots = {3}}));
  for (std::size_t length = 0; length < packet.size(); ++length) {
    EXPECT_FALSE(decode_client_packet(packet.substr(0, length)).ok()) << length;
  }
  EXPECT_FALSE(decode_client_packet(packet + "x").ok());
  EXPECT_FALSE(decode_host_packet(packet).ok());
}

}  // namespace
}  // namespace ray::object_store
